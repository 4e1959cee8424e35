//! Reads and moves the commits that matter.

use jiff::Timestamp;

use crate::git::failure::GitError;
use crate::git::plumbing::objects::ObjectId;
use crate::git::plumbing::refs::{BASE, COMING, Coming, KEPT, REMOTE, Refs, TIP};
use crate::git::plumbing::repository::Repository;

impl Repository {
    /// The commits that matter.
    pub(crate) async fn refs(&self) -> Result<Refs, GitError> {
        let form = "--format=%(refname) %(objectname)";
        let listed = self
            .git
            .run(
                &[
                    "for-each-ref",
                    form,
                    TIP,
                    BASE,
                    REMOTE,
                    COMING[0],
                    COMING[1],
                ],
                b"",
            )
            .await?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let named = |name: &str| {
            let mut lines = listed.lines().filter_map(|line| line.split_once(' '));
            lines
                .find(|(one, _)| *one == name)
                .map(|(_, id)| id.to_owned())
        };
        Ok(Refs {
            tip: named(TIP),
            base: named(BASE),
            remote: named(REMOTE),
            coming: named(COMING[0])
                .zip(named(COMING[1]))
                .map(|(tip, base)| Coming { tip, base }),
        })
    }

    /// Notes what the folder is on its way to.
    pub(crate) async fn announce(&self, coming: &Coming) -> Result<(), GitError> {
        let [tip, base] = COMING;
        let input = format!(
            "start\nupdate {base} {}\nupdate {tip} {}\nprepare\ncommit\n",
            coming.base, coming.tip
        );
        self.git
            .run(&["update-ref", "--stdin"], input.as_bytes())
            .await?;
        Ok(())
    }

    /// Moves the tip and the base at once, unless somebody else did; the folder is on its
    /// way to nothing then.
    pub(crate) async fn settle(
        &self,
        before: &Refs,
        tip: &str,
        base: Option<&str>,
    ) -> Result<(), GitError> {
        let line = |name: &str, new: &str, old: Option<&ObjectId>| {
            let none = "0".repeat(new.len());
            format!("update {name} {new} {}\n", old.unwrap_or(&none))
        };
        let tip = line(TIP, tip, before.tip.as_ref());
        let base = base.map(|base| line(BASE, base, before.base.as_ref()));
        let [coming, coming_base] = COMING;
        let input = format!(
            "start\n{tip}{}delete {coming}\ndelete {coming_base}\nprepare\ncommit\n",
            base.unwrap_or_default()
        );
        self.git
            .run(&["update-ref", "--stdin"], input.as_bytes())
            .await?;
        Ok(())
    }

    /// Keeps a commit from being forgotten.
    pub(crate) async fn keep(&self, commit: &str, now: Timestamp) -> Result<String, GitError> {
        let short = commit.get(..12).unwrap_or(commit);
        let name = format!("{KEPT}/{}-{short}", now.strftime("%Y%m%dT%H%M%SZ"));
        self.git.run(&["update-ref", &name, commit], b"").await?;
        Ok(name)
    }
}
