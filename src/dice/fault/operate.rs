//! What operators do to a running rig: limits, a flush, restarts, other settings.

use std::time::Duration;

use redis::cmd;
use tokio::time::{sleep, timeout};

use crate::dice::database::plan;
use crate::dice::fault::error::RigError;
use crate::dice::fault::harness::{END_WITHIN, Rig};
use crate::dice::fault::place::DATABASE;
use crate::dice::link;

/// How long children may take until they report their memory.
const REPORT_WITHIN: Duration = Duration::from_secs(15);

impl Rig {
    /// Gives Redis another memory limit; it counts at once.
    pub async fn limit_redis(&mut self, bytes: u64) -> Result<(), RigError> {
        let mut link = self.url.link(link::PATIENCE)?;
        let mut set = cmd("CONFIG");
        set.arg("SET").arg("maxmemory").arg(bytes);
        Ok(set.exec_async(&mut link).await?)
    }

    /// Clears Redis, which a full one allows as well.
    pub async fn clear_redis(&mut self) -> Result<(), RigError> {
        let mut link = self.url.link(link::PATIENCE)?;
        Ok(cmd("FLUSHALL").exec_async(&mut link).await?)
    }

    /// Ends the worker and starts it again, with other arguments if there are any.
    pub async fn restart_worker(&mut self, arguments: Option<Vec<String>>) -> Result<(), RigError> {
        if let Some(arguments) = arguments {
            self.settings.worker_arguments = arguments;
        }
        if let Some(mut worker) = self.worker.take() {
            worker.end(END_WITHIN).await;
        }
        let arguments = &self.settings.worker_arguments;
        let at = self.addresses.worker;
        let (worker, _) = self.starter.start_own("worker", at, arguments).await?;
        self.worker = Some(worker);
        Ok(())
    }

    /// Tells how much memory a child has that has done nothing yet, in whole MiB.
    ///
    /// It depends on how the program was built, and ceilings are chosen above it.
    pub async fn idle_child_mib(&self) -> Result<u64, RigError> {
        // A second call finds the provider in place, which is just as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let page = format!("http://{}/metrics", self.addresses.worker);
        let measure = async {
            loop {
                let page = match reqwest::get(&page).await {
                    Ok(answer) => answer.text().await.unwrap_or_default(),
                    Err(_) => String::new(),
                };
                if let Some(bytes) = largest_child(&page) {
                    return bytes.div_ceil(1024 * 1024);
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        let measured = timeout(REPORT_WITHIN, measure).await;
        measured.map_err(|_| self.starter.not_up("worker"))
    }

    /// Ends the API and starts it again, with other arguments if there are any.
    pub async fn restart_api(&mut self, arguments: Option<Vec<String>>) -> Result<(), RigError> {
        if let Some(arguments) = arguments {
            self.settings.api_arguments = arguments;
        }
        self.api.end(END_WITHIN).await;
        let arguments = &self.settings.api_arguments;
        let at = self.addresses.api;
        let (api, _) = self.starter.start_own("api", at, arguments).await?;
        self.api = api;
        Ok(())
    }

    /// Stops the API in its tracks; it keeps its connections and answers nothing.
    pub fn hang_api(&self) -> Result<(), RigError> {
        let paused = self.api.pause();
        paused.map_err(|error| RigError::Process("api", error))
    }

    /// Lets the API go on.
    pub fn resume_api(&self) -> Result<(), RigError> {
        let resumed = self.api.go_on();
        resumed.map_err(|error| RigError::Process("api", error))
    }

    /// Gives the database a plan of so many bytes, or none; a plan below the size that it has
    /// lets it grow no more.
    pub fn limit_database(&self, bytes: Option<u64>) -> std::io::Result<()> {
        let plan = plan::path(&self.settings.dir.join(DATABASE));
        match bytes {
            Some(bytes) => std::fs::write(plan, bytes.to_string()),
            None => std::fs::remove_file(plan),
        }
    }
}

/// The memory of the largest child on the worker's page.
fn largest_child(page: &str) -> Option<u64> {
    let lines = page.lines();
    let children = lines.filter_map(|line| {
        let rest = line.strip_prefix("dice_worker_child_resident_memory_bytes{")?;
        rest.rsplit_once(' ')?.1.parse().ok()
    });
    children.filter(|bytes| *bytes > 0).max()
}
