//! Libraries that keep jobs in their own way: those of the documented recipes.

use crate::queues::world::Watched;

#[tokio::test]
async fn dramatiq_tells_what_workers_took_into_their_memory() {
    let found = "system = 'dramatiq'\npattern = '*'\napp = 'found'";
    let mut redis =
        Watched::new(&["system = 'dramatiq'\nnames = ['default', 'idle']", found]).await;
    // Three wait, two are in work; two are delayed, one of them in a worker's memory.
    let script = "
        RPUSH dramatiq:default a b c
        HSET dramatiq:default.msgs a {} b {} c {} d {} e {}
        SADD dramatiq:__acks__.w1.default d e
        RPUSH dramatiq:default.DQ f
        HSET dramatiq:default.DQ.msgs f {} g {}
        SADD dramatiq:__acks__.w1.default.DQ g
        ZADD dramatiq:default.XQ @-90ms h
        ZADD dramatiq:__heartbeats__ @-1ms w1";
    redis.fill(script).await;
    let expected = "
        queue_jobs{queue=default,state=pending,system=dramatiq} 3
        queue_jobs{queue=default,state=reserved,system=dramatiq} 2
        queue_jobs{queue=default,state=delayed,system=dramatiq} 2
        queue_jobs{queue=default,state=dead,system=dramatiq} 1
        queue_age_source_info{queue=default,source=identity,system=dramatiq} 1
        queue_jobs{queue=idle,state=pending,system=dramatiq} 0
        queue_jobs{queue=idle,state=reserved,system=dramatiq} 0
        queue_jobs{app=found,queue=default,state=reserved,system=dramatiq} 2
        queue_jobs{app=found,queue=default.DQ,state=pending,system=dramatiq} none";
    redis.scrapes(3).await.check(expected);
}

#[tokio::test]
async fn arq_jobs_in_work_do_not_wait_though_they_stay_in_the_queue() {
    let mut redis = Watched::new(&["system = 'arq'"]).await;
    let script = "
        ZADD arq:queue @-400ms long @-60ms b @-20ms c @+600ms later
        SET arq:in-progress:long 1";
    redis.fill(script).await;
    // What is in work is asked for once the jobs are known.
    let first = "
        queue_jobs{queue=arq:queue,state=pending,system=arq} none
        queue_jobs{queue=arq:queue,state=reserved,system=arq} none";
    redis.scrape().await.check(first);
    let expected = "
        queue_jobs{queue=arq:queue,state=pending,system=arq} 2
        queue_jobs{queue=arq:queue,state=reserved,system=arq} 1
        queue_jobs{queue=arq:queue,state=delayed,system=arq} 1
        queue_age_source_info{queue=arq:queue,source=timestamp,system=arq} 1
        queue_oldest_job_age_seconds{queue=arq:queue,state=pending,system=arq} about 60";
    redis.scrapes(2).await.check(expected);
    redis.fill("ZREM arq:queue b c").await;
    let expected = "
        queue_jobs{queue=arq:queue,state=pending,system=arq} 0
        queue_jobs{queue=arq:queue,state=reserved,system=arq} 1
        queue_oldest_job_age_seconds{queue=arq:queue,state=pending,system=arq} 0";
    redis.scrapes(2).await.check(expected);
    redis.fill("DEL arq:queue arq:in-progress:long").await;
    let expected = "
        queue_jobs{queue=arq:queue,state=pending,system=arq} 0
        queue_jobs{queue=arq:queue,state=reserved,system=arq} 0";
    redis.scrapes(2).await.check(expected);
}

#[tokio::test]
async fn many_arq_jobs_in_work_are_all_found() {
    let mut redis = Watched::new(&["system = 'arq'\nname = 'q'"]).await;
    for number in 0..200 {
        let script = format!("ZADD q @-{}ms j{number}", 900 - number);
        redis.fill(&script).await;
        if number < 150 {
            redis
                .fill(&format!("SET arq:in-progress:j{number} 1"))
                .await;
        }
    }
    let expected = "
        queue_jobs{queue=q,state=pending,system=arq} 50
        queue_jobs{queue=q,state=reserved,system=arq} 150
        queue_oldest_job_age_seconds{queue=q,state=pending,system=arq} about 750";
    redis.scrapes(8).await.check(expected);
}

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
