//! Libraries that keep jobs in their own way: those of the documented recipes.

use crate::queues_world::Watched;

#[tokio::test]
async fn lists_and_sets_of_several_states_are_one_queue() {
    let mut redis = Watched::new(&[
        "system = 'list'\nname = 'mail'\nkey = 'bq:mail:waiting'\ntake = 'right'",
        "system = 'list'\nname = 'mail'\nkey = 'bq:mail:active'\ntake = 'right'\nstate = 'reserved'",
        "system = 'sorted-set'\nname = 'mail'\nkey = 'bq:mail:delayed'\nscore = 'due'\nunit = 'ms'\nstate = 'delayed'",
        "system = 'sorted-set'\nname = 'mail'\nkey = 'dead'\nscore = 'added'\nunit = 'ms'\nstate = 'dead'",
    ])
    .await;
    let script = "
        LPUSH bq:mail:waiting 1 2 3
        LPUSH bq:mail:active 4
        ZADD bq:mail:delayed 0 waits @-20ms late @+60ms 5 @+90ms 6
        ZADD dead @-30ms 7";
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=mail,state=pending,system=list} 3
        queue_jobs{queue=mail,state=reserved,system=list} 1
        queue_oldest_job_age_seconds{queue=mail,state=reserved,system=list} about 0
        queue_jobs{queue=mail,state=delayed,system=sorted-set} 3
        queue_jobs{queue=mail,state=pending,system=sorted-set} none
        queue_overdue_jobs{queue=mail,system=sorted-set} 1
        queue_jobs{queue=mail,state=dead,system=sorted-set} 1
        queue_oldest_job_age_seconds{queue=mail,state=dead,system=sorted-set} about 30";
    redis.scrapes(2).await.check(expected);
}
