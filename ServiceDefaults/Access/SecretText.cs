using System.Security.Cryptography;
using System.Text;

namespace ServiceDefaults.Access;

/// <summary>Compares keys, tokens and passwords in constant time; every comparison of ours is made here.</summary>
public static class SecretText
{
    /// <summary>Whether two secrets are equal.</summary>
    /// <returns>True when they are; the time depends on their lengths alone.</returns>
    public static bool AreEqual(string given, string expected) => AreEqual(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    /// <summary>Whether two secrets, or hashes of them, are equal.</summary>
    /// <returns>True when they are; the time depends on their lengths alone.</returns>
    public static bool AreEqual(ReadOnlySpan<byte> given, ReadOnlySpan<byte> expected) =>
        CryptographicOperations.FixedTimeEquals(given, expected);
}
