namespace CloudTicks.Cli.Backfilling;

internal interface IBackfillView : IAsyncDisposable
{
    public void Show(BackfillResponse response);
}
