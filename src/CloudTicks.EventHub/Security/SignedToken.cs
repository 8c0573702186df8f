using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CloudTicks.EventHub.Security;

/// <summary>A JSON web token in its compact form (RFC 7515): three base64url parts, of which the third signs the first two.</summary>
/// <param name="KeyId">The id of the signing key; null when there is none.</param>
/// <param name="Signed">The bytes that the signature covers.</param>
internal sealed record SignedToken(string? KeyId, HashAlgorithmName Hash, byte[] Signed, byte[] Signature, JsonElement Claims)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Parses a token without verifying it.</summary>
    /// <param name="problem">Why the text is not a valid token; does not quote the text.</param>
    public static SignedToken? TryRead(string text, out string problem)
    {
        problem = "it is not a JSON web token";
        if (text.Split('.') is not [var header, var claims, var signature]
            || !TryReadObject(header, out var fields) || !TryReadObject(claims, out var values)
            || !TryDecode(signature, out var signatureBytes))
        {
            return null;
        }

        // Only these algorithms are accepted: with "none" or a shared secret any client could sign.
        HashAlgorithmName? hash = Text(fields, "alg") switch
        {
            "RS256" => HashAlgorithmName.SHA256,
            "RS384" => HashAlgorithmName.SHA384,
            "RS512" => HashAlgorithmName.SHA512,
            _ => null,
        };
        if (hash is null || fields.TryGetProperty("crit", out _))
        {
            problem = hash is null ? "its algorithm is not RS256, RS384 or RS512" : "it has critical extensions, which are not supported";
            return null;
        }

        return new SignedToken(
            Text(fields, "kid"), hash.Value, Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]), signatureBytes, values);
    }

    /// <summary>A field as a string; null when it is missing or not a string.</summary>
    public static string? Text(JsonElement fields, string name)
    {
        try
        {
            return fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an unpaired surrogate, or invalid UTF-8
        }
    }

    public bool IsSignedBy(RSAParameters key)
    {
        using var rsa = RSA.Create(key);
        return rsa.VerifyData(Signed, Signature, Hash, RSASignaturePadding.Pkcs1);
    }

    /// <summary>A constant, so that no token is logged.</summary>
    public override string ToString() => "a token";

    private static bool TryReadObject(string part, out JsonElement fields)
    {
        fields = default;
        if (!TryDecode(part, out var bytes))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            fields = document.RootElement.Clone();
            return fields.ValueKind == JsonValueKind.Object;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryDecode(string part, out byte[] bytes)
    {
        bytes = [];
        if (part.Length == 0 || !Base64Url.IsValid(part))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(part);
        return true;
    }
}
