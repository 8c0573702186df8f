namespace CloudTicks.Cli.Backfilling;

/// <summary>How a request is shown.</summary>
internal interface IBackfillView : IAsyncDisposable
{
    /// <summary>Shows where it stands.</summary>
    public void Show(BackfillAnswer answer);
}
