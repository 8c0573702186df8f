using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;

namespace CloudTicks.Relay;

/// <summary>Follows a document of the central hub whose effect may also depend on the time.</summary>
internal static class ConfigClientExtensions
{
    /// <summary>Applies each version of the document until cancelled.</summary>
    /// <param name="apply">Returns the time after which the same version is applied again; null to wait for the next version.</param>
    public static async Task FollowAsync(
        this ConfigClient document, Func<JsonObject, Task<TimeSpan?>> apply, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var documents = document.FollowAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var change = documents.MoveNextAsync().AsTask();
        while (await change)
        {
            var json = documents.Current;
            change = documents.MoveNextAsync().AsTask();
            // A cancelled delay completes immediately: without the second condition the loop would spin until the pending request for the
            // next version ends.
            while (await apply(json) is { } pause && !cancellationToken.IsCancellationRequested
                && await Task.WhenAny(change, Task.Delay(pause, time, cancellationToken)) != change)
            {
            }
        }
    }
}
