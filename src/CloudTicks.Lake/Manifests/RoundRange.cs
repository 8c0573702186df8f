namespace CloudTicks.Lake.Manifests;

/// <summary>The records of a partition in one round.</summary>
/// <param name="To">The offset after the last.</param>
internal readonly record struct RoundRange(int Partition, long From, long To);
