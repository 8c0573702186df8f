namespace ServiceDefaults.Tests;

/// <summary>A span as it came by OTLP (opentelemetry-proto, trace.proto).</summary>
/// <param name="Service">Whose it is: the resource's <c>service.name</c>.</param>
/// <param name="Source">The name of its source.</param>
/// <param name="TraceId">In hex digits.</param>
/// <param name="Id">In hex digits.</param>
/// <param name="ParentId">In hex digits; empty at the root of a trace.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">4 is a producer, 5 a consumer.</param>
/// <param name="StartNs">When it began, Unix ns.</param>
/// <param name="EndNs">When it ended, Unix ns.</param>
/// <param name="Attributes">Its tags.</param>
/// <param name="Status">1 is fine, 2 an error.</param>
internal sealed record OtlpSpan(
    string Service,
    string Source,
    string TraceId,
    string Id,
    string ParentId,
    string Name,
    int Kind,
    long StartNs,
    long EndNs,
    IReadOnlyDictionary<string, string> Attributes,
    int Status);
