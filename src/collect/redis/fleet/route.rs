//! Which node of a cluster a command belongs to.

use std::collections::BTreeSet;

use redis::{Arg, Cmd, Value};

use crate::collect::redis::wire::address::ServerAddress;

/// Slots of a cluster.
const SLOTS: u16 = 16384;
/// No cluster that we watch has more ranges of slots.
const RANGES: usize = 4096;

/// Which master holds which slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SlotMap {
    ranges: Vec<(u16, u16, ServerAddress)>,
}

impl SlotMap {
    /// Reads the answer of `CLUSTER SLOTS`; a node that does not know its own
    /// name is the one that was `asked`. None if it names no node.
    pub(crate) fn read(answer: &Value, asked: &ServerAddress) -> Option<Self> {
        let Value::Array(entries) = answer else {
            return None;
        };
        let entries = entries.iter().take(RANGES);
        let ranges: Vec<_> = entries.filter_map(|entry| range(entry, asked)).collect();
        (!ranges.is_empty()).then_some(Self { ranges })
    }

    /// The masters, each once.
    pub(crate) fn masters(&self) -> BTreeSet<&ServerAddress> {
        self.ranges.iter().map(|(_, _, master)| master).collect()
    }

    /// The master that holds the key of a command; any will do for one without.
    pub(crate) fn master(&self, command: &Cmd) -> Option<&ServerAddress> {
        let slot = key(command).map_or(0, slot);
        let mut ranges = self.ranges.iter();
        let found = ranges.find(|(first, last, _)| (*first..=*last).contains(&slot));
        found.map(|(_, _, master)| master)
    }
}

fn range(entry: &Value, asked: &ServerAddress) -> Option<(u16, u16, ServerAddress)> {
    let Value::Array(parts) = entry else {
        return None;
    };
    let number = |at: usize| match parts.get(at)? {
        Value::Int(number) => u16::try_from(*number).ok().filter(|slot| *slot < SLOTS),
        _ => None,
    };
    let Value::Array(master) = parts.get(2)? else {
        return None;
    };
    let host = match master.first()? {
        Value::BulkString(host) => std::str::from_utf8(host).ok()?,
        Value::Nil => "",
        _ => return None,
    };
    let host = match (host, asked) {
        ("" | "?", ServerAddress::Tcp(host, _)) => host,
        (host, _) => host,
    };
    let port = match master.get(1)? {
        Value::Int(port) => u16::try_from(*port).ok()?,
        _ => return None,
    };
    Some((
        number(0)?,
        number(1)?,
        ServerAddress::Tcp(host.to_owned(), port),
    ))
}

/// The first key of a command that reads.
fn key(command: &Cmd) -> Option<&[u8]> {
    let mut words = command.args_iter().map(|word| match word {
        Arg::Simple(word) => Some(word),
        _ => None,
    });
    let at = match words.next()?? {
        b"SCAN" | b"INFO" | b"TIME" | b"PING" => return None,
        b"XINFO" | b"OBJECT" | b"MEMORY" => 1,
        _ => 0,
    };
    words.nth(at)?
}

/// The slot of a key: of what stands in its first braces, if anything does.
fn slot(key: &[u8]) -> u16 {
    let position = |bytes: &[u8], sign: u8| bytes.iter().position(|byte| *byte == sign);
    let tag = position(key, b'{').and_then(|open| {
        let rest = &key[open + 1..];
        position(rest, b'}').map(|close| &rest[..close])
    });
    crc16(tag.filter(|tag| !tag.is_empty()).unwrap_or(key)) % SLOTS
}

/// CRC-16 as XMODEM has it, which the cluster specification names.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 {
                shifted
            } else {
                shifted ^ 0x1021
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_slot_that_the_cluster_specification_gives_it() {
        // The check value of the specification, and CLUSTER KEYSLOT's answers.
        assert_eq!(crc16(b"123456789"), 0x31c3);
        for (key, expected) in [
            (&b"foo"[..], 12182),
            (b"{foo}.bar", 12182),
            (b"queues:{foo}:reserved", 12182),
            (b"foo{}bar", slot(b"foo{}bar")),
            (b"{}{foo}", crc16(b"{}{foo}") % SLOTS),
            (b"{a}{foo}", slot(b"a")),
            (b"", 0),
        ] {
            assert_eq!(slot(key), expected, "{key:?}");
        }
    }

    #[test]
    fn a_command_is_led_by_its_key() {
        let text = |words: &[&str]| {
            let mut command = redis::cmd(words[0]);
            command.arg(&words[1..]);
            key(&command).map(<[u8]>::to_vec)
        };
        assert_eq!(text(&["XLEN", "k"]), Some(b"k".to_vec()));
        assert_eq!(text(&["XINFO", "GROUPS", "k"]), Some(b"k".to_vec()));
        assert_eq!(text(&["SCAN", "0"]), None);
        assert_eq!(text(&["XLEN"]), None);
    }
}
