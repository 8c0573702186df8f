namespace CloudTicks.Lake.Manifests;

/// <summary>Records of a partition that one round takes.</summary>
/// <param name="To">The offset behind the last.</param>
internal readonly record struct RoundRange(int Partition, long From, long To);
