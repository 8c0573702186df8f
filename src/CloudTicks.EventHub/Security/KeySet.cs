using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace CloudTicks.EventHub.Security;

/// <summary>The RSA signature keys of a JSON Web Key Set (RFC 7517).</summary>
internal sealed class KeySet
{
    private const int MaxKeys = 100;
    private const int MinBits = 2048;
    private const int MaxBits = 8192;

    private readonly List<(string? Id, RSAParameters Key)> _keys = [];

    private KeySet(long readAt) => ReadAt = readAt;

    /// <summary>The timestamp at which the key set was read.</summary>
    public long ReadAt { get; }

    /// <summary>Parses a key set; null when it has no usable key.</summary>
    public static KeySet? TryParse(ReadOnlyMemory<byte> bytes, long readAt)
    {
        var set = new KeySet(readAt);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array)
            {
                foreach (var key in keys.EnumerateArray().Take(MaxKeys))
                {
                    set.Add(key);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        return set._keys.Count > 0 ? set : null;
    }

    /// <param name="id">The key's id; null finds the key if the set has only one.</param>
    public RSAParameters? Find(string? id)
    {
        var found = _keys.FindAll(key => id is null || key.Id == id);
        return found is [var only] ? only.Key : null;
    }

    private void Add(JsonElement key)
    {
        // The standard requires that keys of other types and for encryption are ignored.
        if (key.ValueKind != JsonValueKind.Object || SignedToken.Text(key, "kty") != "RSA"
            || SignedToken.Text(key, "use") is not (null or "sig")
            || Bytes(key, "n") is not { } modulus || Bytes(key, "e") is not { Length: > 0 and <= 8 } exponent)
        {
            return;
        }

        var bits = modulus.AsSpan().TrimStart((byte)0).Length * 8;
        if (bits is < MinBits or > MaxBits)
        {
            return;
        }

        try
        {
            var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
            using var rsa = RSA.Create(parameters);
            _keys.Add((SignedToken.Text(key, "kid"), parameters));
        }
        catch (CryptographicException)
        {
            // The key is not a valid RSA key.
        }
    }

    private static byte[]? Bytes(JsonElement key, string name) =>
        SignedToken.Text(key, name) is { Length: > 0 } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
