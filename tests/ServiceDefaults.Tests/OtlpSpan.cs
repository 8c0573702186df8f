namespace ServiceDefaults.Tests;

/// <summary>A span received over OTLP (opentelemetry-proto, trace.proto).</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
/// <param name="Source">The name of the activity source.</param>
/// <param name="TraceId">In hex digits.</param>
/// <param name="Id">In hex digits.</param>
/// <param name="ParentId">In hex digits; empty at the root of a trace.</param>
/// <param name="Name">The span's name.</param>
/// <param name="Kind">4 is a producer, 5 a consumer.</param>
/// <param name="StartNs">The start time, Unix ns.</param>
/// <param name="EndNs">The end time, Unix ns.</param>
/// <param name="Attributes">The span's tags.</param>
/// <param name="Status">1 is success, 2 an error.</param>
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
