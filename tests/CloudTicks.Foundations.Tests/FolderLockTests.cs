using CloudTicks.TestServices;

namespace CloudTicks.Foundations.Tests;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("lock");

    [Fact]
    public void Lock_is_exclusive_until_released()
    {
        FolderLock.IsHeld(File).ShouldBeFalse("there is no file");
        using (FolderLock.TryTake(File).ShouldNotBeNull())
        {
            FolderLock.TryTake(File).ShouldBeNull();
            FolderLock.IsHeld(File).ShouldBeTrue();
        }

        FolderLock.IsHeld(File).ShouldBeFalse();
        using var next = FolderLock.TryTake(File);
        next.ShouldNotBeNull();
    }

    [Fact]
    public void Lock_file_that_cannot_be_opened_is_not_held()
    {
        var pathBelowFile = Path.Combine(_folder.Write("file", ""), "lock");

        Should.Throw<IOException>(() => FolderLock.TryTake(pathBelowFile));
        FolderLock.IsHeld(pathBelowFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_ends_when_the_holder_releases_the_lock()
    {
        var time = new TestTime();
        var holder = FolderLock.TryTake(File).ShouldNotBeNull();
        var waits = 0;
        var acquiring = FolderLock.TakeAsync(File, () => waits++, time, TestContext.Current.CancellationToken);
        await time.UntilTimerAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        acquiring.IsCompleted.ShouldBeFalse();

        holder.Dispose();
        while (!acquiring.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var taken = await acquiring;
        waits.ShouldBe(1);
    }

    public void Dispose() => _folder.Dispose();
}
