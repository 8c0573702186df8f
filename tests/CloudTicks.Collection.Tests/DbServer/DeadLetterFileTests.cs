using CloudTicks.Collection.DbServer;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.DbServer;

public class DeadLetterFileTests
{
    [Fact]
    public async Task AddAsync_full_file_is_renamed_to_old()
    {
        using var folder = new TemporaryFolder();
        using var deadLetters = new DeadLetterFile(folder.File("letters.jsonl"), TimeProvider.System, new Disk(), maxBytes: 300);

        for (var number = 0; number < 10; number++)
        {
            await deadLetters.AddAsync(json => json.WriteNumber("number"u8, number), TestContext.Current.CancellationToken);
        }

        new FileInfo(deadLetters.Path).Length.ShouldBeLessThanOrEqualTo(300);
        new FileInfo($"{deadLetters.Path}.old").Length.ShouldBeLessThanOrEqualTo(300);
        (await File.ReadAllLinesAsync(deadLetters.Path, TestContext.Current.CancellationToken))
            .ShouldAllBe(line => line.EndsWith('}') && line.StartsWith("{\"time\":", StringComparison.Ordinal));
    }
}
