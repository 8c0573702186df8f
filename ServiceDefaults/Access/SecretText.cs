using System.Security.Cryptography;
using System.Text;

namespace ServiceDefaults.Access;

/// <summary>Compares keys, tokens and passwords in constant time; all our comparisons of secrets use it.</summary>
public static class SecretText
{
    /// <summary>Whether two secrets are equal.</summary>
    /// <returns>True if they are equal; the time depends on their lengths only.</returns>
    public static bool AreEqual(string actual, string expected) =>
        AreEqual(Encoding.UTF8.GetBytes(actual), Encoding.UTF8.GetBytes(expected));

    /// <summary>Whether two secrets, or hashes of them, are equal.</summary>
    /// <returns>True if they are equal; the time depends on their lengths only.</returns>
    public static bool AreEqual(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected) =>
        CryptographicOperations.FixedTimeEquals(actual, expected);
}
