using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Storage;

/// <summary>Waits for the data folder, because platforms may start the new collector before they stop the old one.</summary>
internal static class FolderWait
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <exception cref="CollectorException">The folder cannot be used, or stayed in use; the message says what to do.</exception>
    public static async Task<DataFolder> OpenAsync(
        CollectorOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var hasWaited = false;
        while (true)
        {
            try
            {
                var folder = DataFolder.Open(options);
                if (hasWaited)
                {
                    var waitedSeconds = time.GetElapsedTime(startedAt).TotalSeconds;
                    logger.FolderFree(folder.Path, waitedSeconds);
                }

                return folder;
            }
            catch (FolderInUseException exception) when (time.GetElapsedTime(startedAt) < options.DataFolderWait)
            {
                if (!hasWaited)
                {
                    logger.FolderInUse(options.DataFolderWait.TotalSeconds, exception.Message);
                    hasWaited = true;
                }
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}
