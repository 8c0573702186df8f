using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CloudTicks.Messaging.Nats;

/// <summary>The certificates that verify the servers: read from a PEM file, or PEM text in the setting.</summary>
internal static class NatsAuthority
{
    private const string CertificateHeader = "-----BEGIN CERTIFICATE-----";

    /// <returns>The certificates, in PEM format.</returns>
    /// <exception cref="FormatException">There is no certificate; the message gives the reason.</exception>
    public static string Read(string location)
    {
        var isText = location.Contains(CertificateHeader, StringComparison.Ordinal);
        try
        {
            var text = isText ? location : File.ReadAllText(location);
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            return certificates.Count > 0 ? text : throw new FormatException(
                $"The authority of the NATS connection string, {location}, contains no certificate in PEM format ({CertificateHeader}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            or CryptographicException)
        {
            throw new FormatException(
                $"The authority of the NATS connection string{(isText ? "" : $", {location},")} cannot be read: {e.Message}", e);
        }
    }
}
