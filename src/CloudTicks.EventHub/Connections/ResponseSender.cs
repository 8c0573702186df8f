using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Sends the answers of one connection, one after another. A small one that is followed at once waits for the next one, and both leave by
/// one write, because each write wakes the client up.
/// </summary>
internal sealed class ResponseSender(FrameStream frames, ClientMemory memory, HeavyWork heavy) : IDisposable
{
    private const int CountedAnswer = 16 * 1024;
    private const int SmallAnswer = 1024;

    private readonly List<Response> _responses = [];
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>
    /// Takes an answer over, whose memory returns to the budget when it is sent: fetched records were counted before, others are here.
    /// </summary>
    /// <returns>Its bytes.</returns>
    public async Task<long> SendAsync(Response response, CancellationToken cancellationToken)
    {
        _responses.Add(response);
        _pieces.AddRange(response.Frame());
        if (!response.IsFollowed || response.Body.Length > SmallAnswer)
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

    /// <summary>Forgets those that wait: the connection has ended.</summary>
    public void Dispose()
    {
        _pieces.Clear();
        _responses.ForEach(static response => response.Dispose());
        _responses.Clear();
    }

    private async Task SendAllAsync(Response last, CancellationToken cancellationToken)
    {
        if (last.Body.Length <= CountedAnswer)
        {
            await (last.FrameBytes > HeavyWork.Bytes
                ? await StartHeavyAsync(last.Held, cancellationToken)
                : frames.SendAsync(_pieces, last.Held, cancellationToken));
            return;
        }

        using var held = memory.Answers.Hold();
        if (!held.TryTake(last.Body.Length))
        {
            throw new MalformedRequestException(
                "its answer is large, and the clients that wait for such answers do not take them; ask again later");
        }

        await frames.SendAsync(_pieces, [held, .. last.Held], cancellationToken);
    }

    private Task<Task> StartHeavyAsync(IReadOnlyList<HeldMemory> held, CancellationToken cancellationToken) =>
        heavy.StartAsync(() => frames.SendAsync(_pieces, held, cancellationToken));
}
