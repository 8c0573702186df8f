namespace CloudTicks.Lake.Tests.Sql;

[Collection(MemoryCollection.Name)]
public sealed class LakeSessionMemoryTests : IDisposable
{
    private readonly SqlLake _lake = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_large_result_is_read_in_bounded_memory()
    {
        using var session = await _lake.OpenAsync(memoryBytes: 64 << 20);
        session.Seal();
        using var rows = session.Query(
            "SELECT i, 'a text of some length ' || i FROM range(20000000) t(i)", SqlLake.NoParameters, asJson: false, Cancellation);
        var before = Environment.WorkingSet;
        var count = 0L;
        while (rows.TryRead(out var chunk))
        {
            count += chunk.Count;
        }

        count.ShouldBe(20_000_000);
        (Environment.WorkingSet - before).ShouldBeLessThan(300L << 20); // the result is a gigabyte
    }
}
