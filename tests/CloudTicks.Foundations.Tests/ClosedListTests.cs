using System.Runtime.CompilerServices;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Foundations.Tests;

/// <summary>Foundations is not a place for miscellaneous code: a new type needs an entry in docs/decisions.md first.</summary>
public sealed class ClosedListTests
{
    private static readonly string[] ListedTypes =
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
    public void Foundations_has_exactly_the_listed_types()
    {
        var assembly = typeof(Disk).Assembly;

        assembly.GetTypes()
            .Where(type => !type.IsNested && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                && type.Namespace!.StartsWith("CloudTicks.", StringComparison.Ordinal))
            .Select(type => type.FullName!["CloudTicks.Foundations.".Length..])
            .Order(StringComparer.Ordinal).ShouldBe(ListedTypes);
    }

    [Fact]
    public void Foundations_references_no_other_project() =>
        typeof(Disk).Assembly.GetReferencedAssemblies()
            .ShouldAllBe(used => !used.Name!.StartsWith("CloudTicks.", StringComparison.Ordinal));
}
