using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Sends the responses of one connection in order. Small responses that are ready at the same time are sent in one write, because each
/// write wakes the client up.
/// </summary>
internal sealed class ResponseSender(FrameStream frames, ClientMemory memory, HeavyWork heavy) : IDisposable
{
    private const int MaxUncountedBytes = 16 * 1024;
    private const int MaxSmallResponseBytes = 1024;

    private readonly List<Response> _responses = [];
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>
    /// Sends a response and takes ownership of it. A small response is sent together with the next response if both are ready. The memory
    /// of fetched records was granted when they were read; the memory of other responses is granted here. Both are released after the send.
    /// </summary>
    /// <returns>The bytes of the response.</returns>
    public async Task<long> SendAsync(Response response, CancellationToken cancellationToken)
    {
        _responses.Add(response);
        _pieces.AddRange(response.BuildFrame());
        if (!response.IsNextReady || response.Body.Length > MaxSmallResponseBytes)
        {
            try
            {
                await SendAllAsync(response, cancellationToken);
            }
            finally
            {
                Dispose();
            }
        }

        return response.FrameBytes;
    }

    /// <summary>Disposes the collected responses: after they were sent, or when the connection has ended.</summary>
    public void Dispose()
    {
        _pieces.Clear();
        _responses.ForEach(static response => response.Dispose());
        _responses.Clear();
    }

    private async Task SendAllAsync(Response last, CancellationToken cancellationToken)
    {
        if (last.Body.Length <= MaxUncountedBytes)
        {
            await (last.FrameBytes > HeavyWork.ThresholdBytes
                ? await StartHeavyAsync(last.Grants, cancellationToken)
                : frames.SendAsync(_pieces, last.Grants, cancellationToken));
            return;
        }

        using var held = memory.Responses.Hold();
        if (!held.TryTake(last.Body.Length))
        {
            throw new MalformedRequestException(
                "no memory is free for its large response, because other clients do not read their responses; retry later");
        }

        await frames.SendAsync(_pieces, [held, .. last.Grants], cancellationToken);
    }

    private Task<Task> StartHeavyAsync(IReadOnlyList<MemoryGrant> held, CancellationToken cancellationToken) =>
        heavy.StartAsync(() => frames.SendAsync(_pieces, held, cancellationToken));
}
