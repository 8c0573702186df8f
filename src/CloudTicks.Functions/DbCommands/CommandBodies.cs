using CloudTicks.Foundations;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.DbCommands;

/// <summary>
/// Receives the bodies of commands before they are executed. Memory is counted as a body arrives, so that a sender that announces a long
/// body but sends little of it occupies little memory. Small bodies have their own memory limit, so that large ones cannot block them.
/// </summary>
public sealed class CommandBodies(TimeProvider time)
{
    /// <summary>The maximum length of a body, bytes.</summary>
    internal const int MaxBytes = 8 << 20;

    /// <summary>
    /// The maximum number of bodies being received or executed. Small bodies together use at most this number times
    /// <see cref="SmallBytes"/>: 64 MiB.
    /// </summary>
    internal const int MaxBodies = 1_024;

    /// <summary>
    /// The memory for bodies above <see cref="SmallBytes"/>, in bytes: enough for eight bodies of maximum length, the number of commands
    /// that run at once.
    /// </summary>
    internal const long MaxLargeBytes = 8L * MaxBytes;

    private const int InitialBufferBytes = 16 << 10;
    private const int SmallBytes = 64 << 10;

    /// <summary>The time limit for receiving a body. A body of maximum length must arrive at 2.24 Mbit/s or faster.</summary>
    private static readonly TimeSpan ReceiveTimeout = TimeSpan.FromSeconds(30);

    private readonly ByteBudget _largeBodyBudget = new(MaxLargeBytes);
    private int _bodyCount;

    /// <summary>Reads a body. Its memory stays reserved until the body is disposed.</summary>
    internal async Task<CommandBody> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return CommandBody.TooLarge;
        }

        if (Interlocked.Increment(ref _bodyCount) > MaxBodies)
        {
            Interlocked.Decrement(ref _bodyCount);
            return CommandBody.NoRoom;
        }

        var body = new CommandBody(this);
        using var timeout = new CancellationTokenSource(ReceiveTimeout, time);
        using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var state = CommandBodyState.Aborted;
        try
        {
            state = await FillAsync(body, request, linkedCancellation.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            state = CommandBodyState.TooSlow;
        }
        finally
        {
            if (state != CommandBodyState.Complete)
            {
                body.Dispose();
            }
        }

        return state == CommandBodyState.Complete ? body : CommandBody.Refused(state);
    }

    internal void Release(int length)
    {
        Interlocked.Decrement(ref _bodyCount);
        _largeBodyBudget.Release(LargeBytes(length));
    }

    private static long LargeBytes(int length) => Math.Max(0, length - SmallBytes);

    private async Task<CommandBodyState> FillAsync(CommandBody body, HttpRequest request, CancellationToken cancellationToken)
    {
        // One extra byte, so that a body of exactly the announced length leaves room for the read that detects its end.
        var max = (int)(request.ContentLength ?? MaxBytes) + 1;
        body.Buffer = new byte[Math.Min(InitialBufferBytes, max)];
        int read;
        while ((read = await request.Body.ReadAsync(body.Buffer.AsMemory(body.Length), cancellationToken)) > 0)
        {
            body.Length += read;
            if (body.Length > MaxBytes)
            {
                return CommandBodyState.TooLarge;
            }

            if (body.Length == body.Buffer.Length && !TryGrow(body, Math.Min(2 * body.Length, max)))
            {
                return CommandBodyState.NoRoom;
            }
        }

        return CommandBodyState.Complete;
    }

    private bool TryGrow(CommandBody body, int length)
    {
        if (!_largeBodyBudget.TryTake(LargeBytes(length) - LargeBytes(body.Buffer.Length)))
        {
            return false;
        }

        var larger = new byte[length];
        body.Buffer.CopyTo(larger, 0);
        body.Buffer = larger;
        return true;
    }
}
