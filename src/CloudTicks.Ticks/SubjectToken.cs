using System.Buffers;
using System.Text;

namespace CloudTicks.Ticks;

/// <summary>
/// Turns a name into one token of a NATS subject: separators and wildcards become <c>_</c>, so different names may share a token.
/// </summary>
public static class SubjectToken
{
    private const byte Replacement = (byte)'_';

    private static readonly SearchValues<byte> Reserved = SearchValues.Create(ReservedBytes());

    /// <summary>Writes the token of a name without allocating.</summary>
    /// <param name="name">The name in UTF-8, not empty.</param>
    /// <param name="destination">At least as long as the name.</param>
    /// <returns>The token's length in bytes, the same as the name's.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the destination too short.</exception>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        if (name.IsEmpty)
            throw new ArgumentException("A subject token needs a name that is not empty.", nameof(name));
        if (destination.Length < name.Length)
            throw new ArgumentException(
                $"The token needs {name.Length} bytes, but the destination has {destination.Length}.", nameof(destination));
        name.CopyTo(destination);
        destination[..name.Length].ReplaceAny(Reserved, Replacement);
        return name.Length;
    }

    /// <summary>The token of a name.</summary>
    /// <param name="name">The name, not empty.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static string From(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var token = Encoding.UTF8.GetBytes(name);
        Write(token, token);
        return Encoding.UTF8.GetString(token);
    }

    private static byte[] ReservedBytes()
    {
        var reserved = Enumerable.Range(0, ' ' + 1).Select(code => (byte)code).ToList();
        reserved.AddRange(".*>\u007F"u8.ToArray());
        return [.. reserved];
    }
}
