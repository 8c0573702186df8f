namespace CloudTicks.Dashboard.Board;

internal sealed class BoardSnapshot(long number, BoardRow[] rows, int count)
{
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number { get; } = number;

    public ReadOnlySpan<BoardRow> Rows => rows.AsSpan(0, count);

    /// <summary>Completes when a newer snapshot exists.</summary>
    public Task Superseded => _superseded.Task;

    public void Supersede() => _superseded.SetResult();
}
