using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// How keys look and travel: <c>ctk_ID_SECRET</c>, the id 12 hex digits by which a key is found and named, the secret 64 of them, 256
/// random bits. Of a key only its SHA-256 is kept; with that many random bits nothing slower would be safer.
/// </summary>
public static class AccessKey
{
    /// <summary>
    /// The environment variable of the functions with a writer's key that is in no table: the first one, with which others are made.
    /// </summary>
    public const string FirstWriterVariable = "CLOUDTICKS_HUB_WRITER_KEY";

    /// <summary>
    /// The environment variable of the functions with a reader's key that is in no table: for services that are deployed together with
    /// them.
    /// </summary>
    public const string FirstReaderVariable = "CLOUDTICKS_HUB_READER_KEY";

    /// <summary>How every key begins that was made here.</summary>
    public const string Prefix = "ctk_";

    private const int IdDigits = 12;
    private const int SecretDigits = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Makes a key.</summary>
    /// <returns>Its id, and the key itself, which is shown once and kept nowhere.</returns>
    public static (string Id, string Key) Create()
    {
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        return (id, $"{Prefix}{id}_{RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true)}");
    }

    /// <summary>The id in a key.</summary>
    /// <returns>The id; null when it is no key that was made here.</returns>
    public static string? IdOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == Prefix.Length + IdDigits + 1 + SecretDigits && key.StartsWith(Prefix, StringComparison.Ordinal)
            && key[Prefix.Length + IdDigits] == '_' && IsHex(key.AsSpan(Prefix.Length, IdDigits))
            && IsHex(key.AsSpan(Prefix.Length + IdDigits + 1))
            ? key.Substring(Prefix.Length, IdDigits)
            : null;
    }

    /// <summary>Whether a text is an id.</summary>
    public static bool IsId(string text) => text is { Length: IdDigits } && IsHex(text);

    /// <summary>What is kept of a key.</summary>
    /// <returns>Its SHA-256, 32 bytes.</returns>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);
}
