"""Open Badges 3.0: a certificate as a credential that other systems read and verify, proven as a VC-JWT (EdDSA).

Words: the *issuer* is this office, an *achievement* a course, a *credential* what one certificate says of its owner.
Whoever has a certificate's code may have its credential; one that was revoked is handed out no more, and the *status
list*, which each credential names, tells of it to those who hold a copy.
"""
