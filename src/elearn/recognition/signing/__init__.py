"""Signing: electronic signatures in the PDFs of certificates.

Words: a *signer* is a back end that puts a signature into a PDF: the organisation's own key (PKCS#12 or PKCS#11), or
BSrE; the *queue* holds the certificates that wait for one. The passphrase is typed for each piece of the queue; it
lives in the memory of that request only.
"""
