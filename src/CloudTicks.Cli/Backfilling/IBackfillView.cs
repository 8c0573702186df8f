namespace CloudTicks.Cli.Backfilling;

/// <summary>How a request is shown.</summary>
internal interface IBackfillView : IAsyncDisposable
{
    public void Show(BackfillAnswer answer);
}
