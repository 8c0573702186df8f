using System.Security.Cryptography;
using CloudTicks.CentralHub.Access;

namespace CloudTicks.Functions.Access;

/// <summary>The writer's key of the environment, with which the others are made; it is in no table, and works while the database is away.</summary>
public sealed class FirstWriterKey
{
    private const int LeastLength = 32;

    private readonly byte[]? _hash;

    private FirstWriterKey(byte[]? hash) => _hash = hash;

    /// <summary>Whether there is one.</summary>
    public bool IsSet => _hash is not null;

    /// <summary>Reads it from the environment, and from nowhere else: command lines and files are seen by others.</summary>
    /// <returns>The key, of which only the hash is kept.</returns>
    /// <exception cref="FormatException">It is easy to guess, or cannot travel in a header; the message does not tell it.</exception>
    public static FirstWriterKey Read() => Of(Environment.GetEnvironmentVariable(AccessKey.FirstWriterVariable));

    internal static FirstWriterKey Of(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return new FirstWriterKey(null);
        }

        return key.Length >= LeastLength && key.All(letter => letter is > ' ' and <= '~')
            ? new FirstWriterKey(AccessKey.Hash(key))
            : throw new FormatException(
                $"{AccessKey.FirstWriterVariable} must have {LeastLength} letters and digits or more, without blanks; 'openssl rand -hex 32' makes one.");
    }

    internal bool Is(byte[] hash) => _hash is not null && CryptographicOperations.FixedTimeEquals(_hash, hash);
}
