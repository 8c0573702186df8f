using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>TLS from PEM files: the event hub's certificate and key, and the authorities of client certificates.</summary>
internal static class TlsFiles
{
    /// <summary>Reads the files of the options; null without a certificate.</summary>
    /// <exception cref="HubStartException">
    /// A file is unreadable or not valid, or a key or authorities are configured without a certificate.
    /// </exception>
    public static SslServerAuthenticationOptions? Load(EventHubOptions options)
    {
        if (options.TlsCertificate.Length == 0)
        {
            return options.TlsKey.Length == 0 && options.TlsClientCa.Length == 0
                ? null
                : throw new HubStartException(
                    "--tls-key and --tls-client-ca need a server certificate: name its PEM file with --tls-certificate FILE.");
        }

        var tls = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Certificate(options.TlsCertificate, options.TlsKey),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (options.TlsClientCa.Length > 0)
        {
            tls.ClientCertificateRequired = true;
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(Certificates(options.TlsClientCa));
        }

        return tls;
    }

    private static SslStreamCertificateContext Certificate(string certificateFile, string keyFile)
    {
        var chain = Certificates(certificateFile);
        var key = ReadText(keyFile.Length > 0 ? keyFile : certificateFile);
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new HubStartException(
                $"The key in {(keyFile.Length > 0 ? keyFile : certificateFile)} is encrypted: store it without a passphrase, readable by "
                    + "the event hub's user only.");
        }

        try
        {
            var ownCertificate = X509Certificate2.CreateFromPem(ReadText(certificateFile), key);
            return SslStreamCertificateContext.Create(ownCertificate, [.. chain.Skip(1)], offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new HubStartException(
                keyFile.Length > 0
                    ? $"{keyFile} does not contain the private key of the certificate in {certificateFile}: {e.Message}"
                    : $"{certificateFile} does not contain its certificate's private key: name the key's PEM file with --tls-key FILE.",
                e);
        }
    }

    private static X509Certificate2Collection Certificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadText(path));
        }
        catch (CryptographicException e)
        {
            throw new HubStartException($"The certificate file {path} is damaged: {e.Message}", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new HubStartException($"{path} contains no PEM certificate (-----BEGIN CERTIFICATE-----).");
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new HubStartException($"The file {path} cannot be read: {e.Message}", e);
        }
    }
}
