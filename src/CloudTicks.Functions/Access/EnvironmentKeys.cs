using CloudTicks.CentralHub.Access;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Access;

/// <summary>
/// The writer's and the reader's key from the environment. They are not stored in the database, so they also work while it is unavailable.
/// </summary>
public sealed class EnvironmentKeys
{
    /// <summary>The writer's name in the history.</summary>
    internal const string Writer = "environment";

    internal const string Reader = "environment-reader";

    private const int MinLength = 32;

    private readonly byte[]? _writer;
    private readonly byte[]? _reader;

    private EnvironmentKeys(byte[]? writer, byte[]? reader) => (_writer, _reader) = (writer, reader);

    /// <summary>Whether a writer's key is set.</summary>
    public bool HasWriter => _writer is not null;

    /// <summary>Reads the keys from the environment only, because other users can see command lines and files.</summary>
    /// <exception cref="FormatException">A key is too easy to guess, or invalid in a header; the message does not contain it.</exception>
    public static EnvironmentKeys Read() => Of(
        Environment.GetEnvironmentVariable(AccessKey.FirstWriterVariable),
        Environment.GetEnvironmentVariable(AccessKey.FirstReaderVariable));

    internal static EnvironmentKeys Of(string? writer, string? reader = null) =>
        new(HashOf(writer, AccessKey.FirstWriterVariable), HashOf(reader, AccessKey.FirstReaderVariable));

    internal Caller? Find(byte[] hash) =>
        Match(_writer, hash) ? new Caller(Writer, AccessRole.Writer) : Match(_reader, hash) ? new Caller(Reader, AccessRole.Reader) : null;

    private static bool Match(byte[]? own, byte[] hash) => own is not null && SecretText.AreEqual(hash, own);

    private static byte[]? HashOf(string? key, string variable)
    {
        if (string.IsNullOrEmpty(key))
        {
            return null;
        }

        return key.Length >= MinLength && key.All(c => c is > ' ' and <= '~')
            ? AccessKey.Hash(key)
            : throw new FormatException(
                $"{variable} must have at least {MinLength} printable ASCII characters and no blanks; 'openssl rand -hex 32' creates one.");
    }
}
