# Before the resources are made: the feed polygon needs its key once, and the NATS servers a certificate. Without its key the collector
# would start, and stop with a sentence.
$ErrorActionPreference = 'Stop'
if ($env:CLOUDTICKS_FEED -eq 'polygon' -and -not $env:POLYGON_API_KEY -and $env:CLOUDTICKS_POLYGON_KEY_KEPT -ne 'true') {
    throw "The feed is polygon, and its key is not in the vault yet: set POLYGON_API_KEY and run 'azd up' once, or 'azd env set CLOUDTICKS_FEED simulated'."
}

# Its own authority, which clients get with the connection string. The key stays in azd's environment until the vault has it (prepare-database).
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
    Write-Host 'nats: a certificate for ten years was made'
}
