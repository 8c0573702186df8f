using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.Lake.S3;

/// <summary>
/// Signs requests with AWS Signature Version 4: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
/// </summary>
internal sealed class S3Signature(S3Credentials credentials, string region)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds the signature's headers. All other headers must already be set.</summary>
    /// <param name="payloadHash">SHA-256 of the body, as lower-case hex.</param>
    public void Sign(HttpRequestMessage request, string payloadHash, DateTimeOffset now)
    {
        var uri = request.RequestUri!;
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Host = uri.Authority;
        request.Headers.Add("x-amz-content-sha256", payloadHash);
        request.Headers.Add("x-amz-date", time);
        if (credentials.SessionToken is { } token)
        {
            request.Headers.Add("x-amz-security-token", token);
        }

        var headers = request.Headers.Select(header => (Name: Lower(header.Key), Value: string.Join(',', header.Value).Trim()))
            .OrderBy(header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', headers.Select(header => header.Name));
        var query = string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Contains('=', StringComparison.Ordinal) ? part : $"{part}=").Order(StringComparer.Ordinal));
        var canonicalRequest = string.Join('\n',
            [
                request.Method.Method, uri.AbsolutePath, query, .. headers.Select(header => $"{header.Name}:{header.Value}"), "", names,
                payloadHash,
            ]);
        var scope = $"{time[..8]}/{region}/s3/aws4_request";
        var stringToSign = string.Join('\n', Algorithm, time, scope, Hash(Encoding.UTF8.GetBytes(canonicalRequest)));
        var key = Encoding.UTF8.GetBytes($"AWS4{credentials.SecretAccessKey}");
        foreach (var part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(stringToSign)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credentials.AccessKeyId}/{scope},SignedHeaders={names},Signature={signature}");
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string Lower(string name) =>
        string.Create(name.Length, name, static (lower, all) => all.AsSpan().ToLowerInvariant(lower));
}
