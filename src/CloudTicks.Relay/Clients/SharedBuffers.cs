using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// The bytes buffered for all clients. When the bound is exceeded, by at most one run of events, the client with the largest backlog is
/// disconnected. Thread-safe.
/// </summary>
internal sealed class SharedBuffers(IOptions<RelayOptions> options)
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsFull => Bytes > options.Value.BuffersBytes;

    /// <param name="bytes">Negative for bytes that were sent or discarded.</param>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
