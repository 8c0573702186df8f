# Runs before the resources are created: checks that the feed polygon has its API key, because without it the collector would stop with an error
# at startup; and creates the certificate of the NATS servers.
$ErrorActionPreference = 'Stop'
if ($env:CLOUDTICKS_FEED -eq 'polygon' -and -not $env:POLYGON_API_KEY -and $env:CLOUDTICKS_POLYGON_KEY_KEPT -ne 'true') {
    throw "The feed is polygon, but its API key is not in the vault yet: set POLYGON_API_KEY and run 'azd up' once, or 'azd env set CLOUDTICKS_FEED simulated'."
}

# The certificate is self-signed; clients get it with the connection string. Its private key is in azd's environment until the vault has it (prepare-database).
if (-not $env:CLOUDTICKS_NATS_CERTIFICATE) {
    $key = [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
        'CN=cloudticks-nats', $key, [System.Security.Cryptography.HashAlgorithmName]::SHA256)
    $names = [System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    foreach ($name in 'cloudticks-nats', 'nats-1', 'nats-2', 'nats-3') { $names.AddDnsName($name) }
    $request.CertificateExtensions.Add($names.Build())
    $request.CertificateExtensions.Add([System.Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
    $uses = [System.Security.Cryptography.OidCollection]::new()
    foreach ($use in '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2') { [void]$uses.Add([System.Security.Cryptography.Oid]::new($use)) }
    $request.CertificateExtensions.Add([System.Security.Cryptography.X509Certificates.X509EnhancedKeyUsageExtension]::new($uses, $false))
    $now = [DateTimeOffset]::UtcNow
    $certificate = $request.CreateSelfSigned($now.AddDays(-1), $now.AddYears(10))
    $encode = { param($pem) [Convert]::ToBase64String([System.Text.Encoding]::ASCII.GetBytes("$pem`n")) }
    azd env set CLOUDTICKS_NATS_KEY (& $encode $key.ExportPkcs8PrivateKeyPem())
    azd env set CLOUDTICKS_NATS_CERTIFICATE (& $encode $certificate.ExportCertificatePem())
    Write-Host 'nats: a certificate that is valid for ten years was created'
}
