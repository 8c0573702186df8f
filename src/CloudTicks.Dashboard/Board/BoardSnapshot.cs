namespace CloudTicks.Dashboard.Board;

internal sealed class BoardSnapshot(long number, BoardRow[] rows, int count)
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number { get; } = number;

    public ReadOnlySpan<BoardRow> Rows => rows.AsSpan(0, count);

    public Task Passed => _passed.Task;

    public void Pass() => _passed.SetResult();
}
