using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

/// <summary>
/// Handles long polls: responds with the document in force immediately, as soon as it changes, or when the wait ends. At most a thousand
/// requests wait at a time; further requests are refused and must retry.
/// </summary>
/// <param name="lifetime">Waiting requests get a response when the program stops.</param>
public sealed class DocumentPolls(
    DocumentReader reader,
    DocumentSignals signals,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ConfigMetrics metrics,
    ILogger<DocumentPolls> logger)
{
    private const int MaxWaiting = 1_000;

    private int _waitingCount;

    internal async Task<IActionResult> RespondAsync(string service, TagCondition known, TimeSpan wait, CancellationToken cancellationToken)
    {
        var (document, isKnown) = await ReadAsync(service, known, cancellationToken);
        if (wait > TimeSpan.Zero && (isKnown || !known.IsSet))
        {
            if (Interlocked.Increment(ref _waitingCount) > MaxWaiting)
            {
                Interlocked.Decrement(ref _waitingCount);
                metrics.Unanswered();
                return ConfigProblems.TooMany();
            }

            metrics.Waits(1);
            logger.Waits(service, wait.TotalSeconds);
            try
            {
                document = await WaitAsync(document, wait, cancellationToken);
            }
            finally
            {
                metrics.Waits(-1);
                Interlocked.Decrement(ref _waitingCount);
            }
        }

        return known.IsSet && known.Matches(document.Tag) ? DocumentResponses.NotModified(document) : DocumentResponses.Document(document);
    }

    private async Task<(StoredDocument Document, bool IsKnown)> ReadAsync(
        string service, TagCondition known, CancellationToken cancellationToken)
    {
        var document = await reader.NewestAsync(service, cancellationToken);
        return (document, known.Matches(document.Tag));
    }

    private async Task<StoredDocument> WaitAsync(StoredDocument first, TimeSpan wait, CancellationToken cancellationToken)
    {
        var service = first.Version.Service;
        using var timeout = new CancellationTokenSource(wait, time);
        using var waitEnd = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping, cancellationToken);
        while (true)
        {
            // Get the signal before reading: a change in between completes it.
            var change = signals.Next(service);
            var document = await reader.NewestAsync(service, cancellationToken);
            if (document.Tag != first.Tag || waitEnd.IsCancellationRequested)
            {
                return document;
            }

            try
            {
                await change.WaitAsync(waitEnd.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Timed out, or the host is stopping: the next iteration returns the document in force.
            }
        }
    }
}
