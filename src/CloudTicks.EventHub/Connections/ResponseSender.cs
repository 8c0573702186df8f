using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Sends the responses of one connection in order. A small response whose successor is ready is sent together with it in one write, because
/// each write wakes the client up.
/// </summary>
internal sealed class ResponseSender(FrameStream frames, ClientMemory memory, HeavyWork heavy) : IDisposable
{
    private const int MaxUncountedBytes = 16 * 1024;
    private const int SmallBytes = 1024;

    private readonly List<Response> _responses = [];
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>
    /// Sends a response and takes ownership of it. Its memory returns to the budget after the send: fetched records were counted when they
    /// were read; other responses are counted here.
    /// </summary>
    /// <returns>The bytes of the response.</returns>
    public async Task<long> SendAsync(Response response, CancellationToken cancellationToken)
    {
        _responses.Add(response);
        _pieces.AddRange(response.Frame());
        if (!response.IsFollowed || response.Body.Length > SmallBytes)
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

    /// <summary>Drops the waiting responses after the connection has ended.</summary>
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
            await (last.FrameBytes > HeavyWork.Bytes
                ? await StartHeavyAsync(last.Held, cancellationToken)
                : frames.SendAsync(_pieces, last.Held, cancellationToken));
            return;
        }

        using var held = memory.Responses.Hold();
        if (!held.TryTake(last.Body.Length))
        {
            throw new MalformedRequestException(
                "its response is large, and clients with large responses do not read them; retry later");
        }

        await frames.SendAsync(_pieces, [held, .. last.Held], cancellationToken);
    }

    private Task<Task> StartHeavyAsync(IReadOnlyList<MemoryGrant> held, CancellationToken cancellationToken) =>
        heavy.StartAsync(() => frames.SendAsync(_pieces, held, cancellationToken));
}
