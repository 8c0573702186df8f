namespace CloudTicks.Timescale.Queries;

/// <summary>The table is being counted for the first time, which takes more than one request.</summary>
public sealed class CountingException(int counted, int chunks)
    : Exception($"The ticks in {counted} of the table's {chunks} hours have been counted so far. Repeat the request to continue.");
