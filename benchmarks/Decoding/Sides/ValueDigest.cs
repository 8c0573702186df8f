using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.Benchmarks.Decoding.Sides;

/// <summary>
/// The SHA-256 of all values of all ticks, one line per tick, with absent values left empty. JavaScript/decode.mjs hashes the
/// same lines, so each number has its shortest form.
/// </summary>
internal sealed class ValueDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(params ReadOnlySpan<object?> values)
    {
        var line = string.Join('|', values.ToArray().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
        _hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
    }

    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
