using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// Access keys: <c>ctk_ID_SECRET</c> with an id of 12 hex digits and a random secret of 64 hex digits. Only the SHA-256 is stored.
/// </summary>
public static class AccessKey
{
    /// <summary>
    /// The environment variable with the first writer's key. This key is not in the table; it is used to create the others.
    /// </summary>
    public const string FirstWriterVariable = "CLOUDTICKS_HUB_WRITER_KEY";

    /// <summary>The environment variable with a reader's key that is not in the table, for services deployed with the functions.</summary>
    public const string FirstReaderVariable = "CLOUDTICKS_HUB_READER_KEY";

    /// <summary>The prefix of every generated key.</summary>
    public const string Prefix = "ctk_";

    private const int IdDigits = 12;
    private const int SecretDigits = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Creates a key.</summary>
    /// <returns>Its id, and the key, which is shown once and never stored.</returns>
    public static (string Id, string Key) Create()
    {
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        return (id, $"{Prefix}{id}_{RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true)}");
    }

    /// <summary>Returns the id in a key.</summary>
    /// <returns>The id; null when the text is not a generated key.</returns>
    public static string? IdOf(string key) =>
        key.Length == Prefix.Length + IdDigits + 1 + SecretDigits && key.StartsWith(Prefix, StringComparison.Ordinal)
            && key[Prefix.Length + IdDigits] == '_' && IsHex(key.AsSpan(Prefix.Length, IdDigits))
            && IsHex(key.AsSpan(Prefix.Length + IdDigits + 1))
            ? key.Substring(Prefix.Length, IdDigits)
            : null;

    /// <summary>Returns whether a text is an id.</summary>
    public static bool IsId(string text) => text is { Length: IdDigits } && IsHex(text);

    /// <summary>Returns the stored form of a key.</summary>
    /// <returns>Its SHA-256, 32 bytes.</returns>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);
}
