//! Receivers, tried without telling them anything: by a question that changes nothing,
//! or, where only a message would show more, by reaching their server.

use reqwest::{Client, RequestBuilder, Url};

use crate::notify::sending::delivery::send;

/// How a receiver can be tried without a message.
#[derive(Debug)]
pub(crate) enum HarmlessCheck {
    /// By a question that also shows whether the credentials are good.
    Ask(RequestBuilder),
    /// By reaching its server: only a message would show more.
    Reach(Client, Url),
    /// By the relay for mails.
    Relay,
    /// There is nobody to reach.
    Nobody,
}

/// What a try showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReceiverSight {
    /// The remote side knows us, and the receiver.
    Known,
    /// Its server answers; whether it takes messages is not known.
    Reached,
    /// It needs no remote side.
    Local,
}

impl HarmlessCheck {
    /// Reaches the server of an address; its path, which may be a secret, is not asked for.
    pub(crate) fn reach(client: &Client, address: &str) -> Self {
        let url = Url::parse(address).and_then(|url| url.join("/"));
        match url {
            Ok(mut url) => {
                // What cannot have a login has none.
                let _ = url.set_username("");
                let _ = url.set_password(None);
                Self::Reach(client.clone(), url)
            }
            Err(_) => Self::Nobody,
        }
    }

    /// Tries it; the error says in words why it would get no message. `None` is for
    /// whoever holds the relay to try.
    pub(crate) async fn run(self) -> Option<Result<ReceiverSight, String>> {
        let remote = "its server";
        match self {
            Self::Relay => None,
            Self::Nobody => Some(Ok(ReceiverSight::Local)),
            Self::Ask(request) => {
                let answer = async { send(request, remote).await?.accepted(remote) };
                let known = answer.await.map_err(|error| error.to_string());
                Some(known.and_then(|answer| {
                    // Slack and Telegram say in the body whether it went well.
                    let body = answer.json();
                    if body["ok"] == false {
                        let why = body["error"].as_str().or(body["description"].as_str());
                        return Err(format!("its server answers: {}", why.unwrap_or("no")));
                    }
                    Ok(ReceiverSight::Known)
                }))
            }
            Self::Reach(client, url) => {
                let answer = send(client.head(url), remote).await;
                let reached = answer.map(|_| ReceiverSight::Reached);
                Some(reached.map_err(|error| error.to_string()))
            }
        }
    }
}
