namespace CloudTicks.Timescale.Queries;

/// <summary>The first count of the table takes more than one request.</summary>
public sealed class CountingException(int counted, int chunks)
    : Exception($"The ticks of {counted} of {chunks} hours of the table are counted so far. Repeat the request to continue.");
