"""Certificates from elsewhere, made with the openssl command: another authority than the hub's."""

import shop


class Authority:
    def __init__(self, folder, name="Somebody else's CA"):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.certificate, self.key = folder, folder / "ca.pem", folder / "ca.key.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate)

    def issue(self, common_name, key, certificate):
        """Writes a new key and a certificate of this authority for it."""
        request = self.folder / "request.pem"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={common_name}",
                "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "30",
                "-out", certificate)


def openssl(*arguments):
    shop.run("openssl", *arguments)


def common_name(certificate):
    subject = shop.run("openssl", "x509", "-in", certificate, "-noout", "-subject", "-nameopt", "multiline").stdout
    return subject.split("commonName", 1)[1].split("=", 1)[1].split()[0]
