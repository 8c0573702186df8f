using System.Runtime.CompilerServices;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Foundations.Tests;

/// <summary>The ground floor is no drawer for what has no other place: a new type needs a reason in docs/decisions.md first.</summary>
public sealed class ClosedListTests
{
    private static readonly string[] Closed =
    [
        "Backoff",
        "ByteBudget",
        "ByteSize",
        "Disks.Disk",
        "Disks.DiskFile",
        "Disks.PrivateFolder",
        "Disks.SystemCalls",
        "FolderLock",
        "ITextList`1",
        "NewYork",
        "OutageLog",
        "OutageNotice",
        "SilentMeters",
        "TextListConverter`1",
        "WakeSignal",
    ];

    [Fact]
    public void Foundations_hold_the_types_of_the_closed_list_and_no_others()
    {
        var assembly = typeof(Disk).Assembly;

        assembly.GetTypes()
            .Where(type => !type.IsNested && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                && type.Namespace!.StartsWith("CloudTicks.", StringComparison.Ordinal))
            .Select(type => type.FullName!["CloudTicks.Foundations.".Length..])
            .Order(StringComparer.Ordinal).ShouldBe(Closed);
    }

    [Fact]
    public void Foundations_use_nothing_of_ours() =>
        typeof(Disk).Assembly.GetReferencedAssemblies()
            .ShouldAllBe(used => !used.Name!.StartsWith("CloudTicks.", StringComparison.Ordinal));
}
