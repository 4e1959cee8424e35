//! Random incidents, failures and restarts: the receiver ends with the truth.

mod beliefs;
pub(super) mod world;

use proptest::prelude::*;

use self::world::{NOW, RandomEvent, RemoteMood, World};
use crate::model::component::Severity;

fn events() -> impl Strategy<Value = RandomEvent> {
    let severity = prop_oneof![
        Just(Severity::Notice),
        Just(Severity::Disrupted),
        Just(Severity::Down)
    ];
    let remote = prop_oneof![
        3 => Just(RemoteMood::Well),
        1 => Just(RemoteMood::Away),
        1 => Just(RemoteMood::Mute),
        1 => Just(RemoteMood::Deaf),
        1 => Just(RemoteMood::Forgetful)
    ];
    prop_oneof![
        3 => severity.prop_map(RandomEvent::Opens),
        2 => Just(RandomEvent::Ends),
        2 => Just(RandomEvent::Says),
        1 => Just(RandomEvent::Withdrawn),
        4 => (1_i64..200).prop_map(RandomEvent::Time),
        3 => remote.prop_map(RandomEvent::RemoteMood),
        1 => Just(RandomEvent::Restart),
        1 => any::<bool>().prop_map(RandomEvent::Killed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_receiver_ends_with_the_truth(events in prop::collection::vec(events(), 1..40)) {
        NOW.set(0);
        let mut world = World::new();
        for event in events {
            world.apply(event);
            world.step();
            world.check()?;
        }
        world.remote = RemoteMood::Well;
        for _ in 0..4 {
            NOW.set(NOW.get() + 3600);
            world.kill = None;
            world.step();
            world.check()?;
        }
        world.check_end()?;
    }
}
