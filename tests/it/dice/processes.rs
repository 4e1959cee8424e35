//! The processes of the guest: how they end, and how faults are made in them.

use std::process::Stdio;
use std::time::Duration;

use critwatch::dice::fault::control::{self, ControlRequest, bind_control, serve_control};
use critwatch::dice::fault::switches::{self, FaultSwitch};
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::dice::world::{World, kill, processes, program};
use crate::world::patience::until;

#[tokio::test]
async fn a_worker_that_is_killed_takes_its_children_along() {
    let world = World::new().await;
    until("both children run", async || {
        (world.processes("dice child").len() == 2).then_some(())
    })
    .await;
    kill(&world.processes("dice worker"));
    until("the children are gone", async || {
        world.processes("dice child").is_empty().then_some(())
    })
    .await;
    world.stop().await;
}

#[tokio::test]
async fn sigterm_ends_all_processes_after_the_job_in_hand() {
    let world = World::new().await;
    let url = world.url();
    switches::slow_down(&url, Duration::from_secs(2))
        .await
        .unwrap();
    let uuid = world.roll_taken().await.unwrap();
    for pid in world.processes("dice worker") {
        kill_process(pid, Signal::TERM).unwrap();
    }
    world.answered(&uuid).await;
    until("the worker has ended", async || {
        (world.processes("dice worker").is_empty() && world.processes("dice child").is_empty())
            .then_some(())
    })
    .await;
    world.stop().await;
}

#[tokio::test]
async fn faults_are_made_and_undone_over_the_control_socket() {
    let mut world = World::new().await;
    let dir = world.dir.path().join("demo");
    let nobody = control::ask(&dir, ControlRequest::Clear).await.unwrap_err();
    assert!(
        nobody.to_string().starts_with("no demo runs in"),
        "{nobody}"
    );

    let (orders, mut ordered) = mpsc::channel(1);
    let stop = CancellationToken::new();
    let serve = serve_control(bind_control(&dir).unwrap(), orders, stop.clone());
    let obey = async {
        while let Some((request, answer)) = ordered.recv().await {
            answer.send(world.rig.obey(request).await).unwrap();
        }
    };
    let command = async {
        let mut said = Vec::new();
        for word in ["stop-worker", "clear"] {
            let mut fault = tokio::process::Command::new(program());
            fault.args(["dice", "fault", word, "--dir"]).arg(&dir);
            let output = fault.output().await.unwrap();
            assert!(output.status.success(), "{output:?}");
            said.push(String::from_utf8(output.stdout).unwrap());
            if word == "stop-worker" {
                assert_eq!(processes(&dir, "dice worker"), []);
                // They end when they notice that it has.
                until("its children are gone", async || {
                    processes(&dir, "dice child").is_empty()
                })
                .await;
            }
        }
        stop.cancel();
        said
    };
    let ((), (), said) = tokio::join!(serve, obey, command);
    assert_eq!(said, ["stop-worker is on\n", "all faults are off\n"]);
    let uuid = world.roll_taken().await.unwrap();
    world.answered(&uuid).await;
    assert!(world.sample(true, "dice_jobs_completed_total").await >= 0.0);
    world.stop().await;
}

#[tokio::test]
async fn a_child_at_its_memory_ceiling_ends_with_its_own_exit_code() {
    let mut world = World::new().await;
    world.rig.apply(FaultSwitch::StopWorker).await.unwrap();
    let mut worker = tokio::process::Command::new(program());
    worker.args([
        "dice",
        "worker",
        "--listen",
        "127.0.0.1:0",
        "--child-memory-mib",
        "1",
    ]);
    worker.env("DICE_REDIS", &world.rig.addresses().redis_url);
    worker.env("DICE_DATABASE", world.database());
    worker
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut worker = worker.spawn().unwrap();
    let mut line = String::new();
    let mut output = tokio::io::BufReader::new(worker.stdout.take().unwrap());
    tokio::io::AsyncBufReadExt::read_line(&mut output, &mut line)
        .await
        .unwrap();
    let address = line.trim().rsplit_once(' ').unwrap().1.to_owned();
    let uuid = world.roll_taken().await.unwrap();
    world.answered(&uuid).await;
    until("the restart is counted", async || {
        let page = world
            .client
            .get(format!("{address}/metrics"))
            .send()
            .await
            .unwrap();
        let page = page.text().await.unwrap();
        page.contains("dice_worker_restarts_total{reason=\"memory\"} 1")
            .then_some(())
    })
    .await;
    let pid = Pid::from_raw(i32::try_from(worker.id().unwrap()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert!(worker.wait().await.unwrap().success());
    world.stop().await;
}
