//! The lines in which two texts differ, as `diff` shows them.

/// Removed lines with `-`, new ones with `+`, under the number of the first line.
pub fn diff(before: &str, after: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let above = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[above..], &new[above..]);
    let below = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old, new) = (&old[..old.len() - below], &new[..new.len() - below]);
    let common = common(old, new);
    let (mut at, mut to) = (0, 0);
    let mut out: Vec<String> = Vec::new();
    for (kept_old, kept_new) in common.into_iter().chain([(old.len(), new.len())]) {
        if at < kept_old || to < kept_new {
            out.push(format!("@ line {}", above + at + 1));
        }
        out.extend(old[at..kept_old].iter().map(|line| format!("-{line}")));
        out.extend(new[to..kept_new].iter().map(|line| format!("+{line}")));
        (at, to) = (kept_old + 1, kept_new + 1);
    }
    out.join("\n")
}

/// The longest run of lines that both have, as pairs of their places.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            lengths[i][j] = if one == other {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_that_differ_are_shown() {
        for (before, after, expected) in [
            ("a\nb\n", "a\nb\n", ""),
            ("a\nb\nc", "a\nB\nc", "@ line 2\n-b\n+B"),
            (
                "a\nb\nc\nd",
                "A\nb\nc\nx\nd",
                "@ line 1\n-a\n+A\n@ line 4\n+x",
            ),
            ("", "a", "@ line 1\n+a"),
            ("a\na\n", "a\n", "@ line 2\n-a"),
        ] {
            assert_eq!(diff(before, after), expected, "{before:?}");
        }
    }
}
