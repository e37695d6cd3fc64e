# Python's dkimpy as signer and verifier: answers jobs, a line of JSON each.
import base64
import json
import sys
import dkim
import dns.name


def to_ascii(name):
    # What dkimpy does by default: it hands UTF-8 to dnspython, which maps it as it does by default.
    return name.decode("latin1") if name.isascii() else dns.name.from_text(name.decode("utf-8")).to_text()


def verify(message, job):
    dkim.time.time = lambda: job["now"]

    def txt(name, timeout=5):
        name = to_ascii(name)
        answer = job["zone"].get(name.split("\0")[0].lower().rstrip("."), {"status": "nxdomain"})
        if answer["status"] in ("servfail", "timeout"):
            raise TimeoutError(answer["status"])
        return answer["records"][0].encode("latin1") if answer["status"] == "found" else None

    def one(index):
        try:
            return "pass" if dkim.DKIM(message).verify(idx=index, dnsfunc=txt) else "fail"
        except Exception as error:
            return type(error).__name__

    return {"results": [one(index) for index in range(job["count"])]}


def sign(message, job):
    header, body = (part.encode() for part in job["canonicalization"].split("/"))
    field = dkim.sign(
        message,
        job["selector"].encode(),
        job["domain"].encode(),
        job["key"].encode(),
        canonicalize=(header, body),
        signature_algorithm=job["algorithm"].encode(),
    )
    return {"field": base64.b64encode(field).decode()}


JOBS = {"verify": verify, "sign": sign}
for line in sys.stdin:
    job = json.loads(line)
    try:
        answer = JOBS[job["job"]](base64.b64decode(job["message"]), job)
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
