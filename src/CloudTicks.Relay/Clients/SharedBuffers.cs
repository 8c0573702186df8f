using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// The bytes that wait for all clients together. Above the bound the client with the largest backlog is disconnected; what one run of
/// events has is the most by which it is exceeded. Thread-safe.
/// </summary>
internal sealed class SharedBuffers(IOptions<RelayOptions> options)
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsFull => Bytes > options.Value.BuffersBytes;

    /// <param name="bytes">Negative for what does not wait any more.</param>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
