using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Storage;

/// <summary>Waits for the data folder: platforms may start the new collector before they stop the old one.</summary>
internal static class FolderTurn
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <exception cref="CollectorException">It cannot be used, or the other one did not go; the sentence says what to do.</exception>
    public static async Task<DataFolder> OpenAsync(
        CollectorOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var hasWaited = false;
        while (true)
        {
            try
            {
                var folder = DataFolder.Open(options);
                if (hasWaited)
                {
                    var waited = time.GetElapsedTime(began).TotalSeconds;
                    logger.FolderFree(folder.Path, waited);
                }

                return folder;
            }
            catch (FolderInUseException inUse) when (time.GetElapsedTime(began) < options.DataFolderWait)
            {
                if (!hasWaited)
                {
                    logger.FolderInUse(options.DataFolderWait.TotalSeconds, inUse.Message);
                    hasWaited = true;
                }
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }
}
