"""A relay for tests: aiosmtpd, a real SMTP server, with manners by recipient.

Prints its port, then each mail that it takes as one line of JSON. The part of an
address before the `@` says what becomes of its mails:

    nobody  550 5.1.1    full  452 4.2.2    spam  550 5.7.1    denied  454 4.7.1
    grey    451 4.7.1 at first, then taken
    drop    taken, and the connection ends without an answer

The environment says the rest: CERT and KEY (files), TLS (starttls, tls, none), AUTH
(user:password), DELAY (seconds for each mail), REFUSE (every so many is refused).
"""

import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

REFUSALS = {
    "nobody": "550 5.1.1 <{}>: no such user",
    "full": "452 4.2.2 <{}>: mailbox full",
    "spam": "550 5.7.1 <{}>: this is spam",
    "denied": "454 4.7.1 <{}>: relay access denied",
}


class Relay:
    def __init__(self):
        self.known = set()
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0].split("+")[0]
        self.count += 1
        every = int(os.environ.get("REFUSE", "0"))
        if every and self.count % every == 0:
            return "550 5.1.1 <{}>: no such user".format(address)
        if name in REFUSALS:
            return REFUSALS[name].format(address)
        if name == "grey" and address not in self.known:
            self.known.add(address)
            return "451 4.7.1 <{}>: greylisted".format(address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(float(os.environ.get("DELAY", "0")))
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data,
            "mail": envelope.content.decode("latin-1"),
        }
        if not os.environ.get("QUIET"):
            print(json.dumps(mail), flush=True)
        if envelope.rcpt_tos[0].startswith("drop@"):
            server.transport.abort()
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    user, _, password = os.environ["AUTH"].partition(":")
    good = data.login.decode() == user and data.password.decode() == password
    session.auth_data = user if good else None
    return AuthResult(success=good, handled=good, auth_data=user)


async def main():
    loop = asyncio.get_running_loop()
    manner = os.environ.get("TLS", "none")
    context = None
    if manner != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.environ["CERT"], os.environ["KEY"])
    handler = Relay()
    has_users = "AUTH" in os.environ

    def session():
        return SMTP(
            handler,
            hostname="relay.test",
            enable_SMTPUTF8=True,
            tls_context=context if manner == "starttls" else None,
            require_starttls=manner == "starttls",
            auth_required=has_users,
            auth_require_tls=manner == "starttls",
            authenticator=authenticate if has_users else None,
            loop=loop,
        )

    wrapped = context if manner == "tls" else None
    port = int(os.environ.get("PORT", "0"))
    server = await loop.create_server(session, "127.0.0.1", port, ssl=wrapped, backlog=200)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever started us ends us by closing our input.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
