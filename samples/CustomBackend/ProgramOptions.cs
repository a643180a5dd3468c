using Microsoft.Extensions.Configuration;

namespace CustomBackend;

/// <summary>The programs that a miner offers as models.</summary>
public sealed class ProgramOptions
{
    /// <summary>The models, by the name that jobs ask for; at least one.</summary>
    [ConfigurationKeyName("models")]
    public Dictionary<string, ProgramModel> Models { get; set; } = new(StringComparer.Ordinal);

    /// <summary>How many programs run at once; 1 to 256. The default is 1. More jobs wait for their place.</summary>
    [ConfigurationKeyName("max_parallel")]
    public int MaxParallel { get; set; } = 1;
}

/// <summary>One program.</summary>
public sealed class ProgramModel
{
    /// <summary>The program's file; absolute, or relative to the configuration's folder.</summary>
    [ConfigurationKeyName("executable")]
    public string Executable { get; set; } = "";

    /// <summary>Its arguments, handed over as they are: no shell reads them.</summary>
    [ConfigurationKeyName("arguments")]
    public IList<string> Arguments { get; set; } = [];

    /// <summary>The file that the answers depend on (weights, a table), whose hash is published; default: the executable.</summary>
    [ConfigurationKeyName("model_file")]
    public string ModelFile { get; set; } = "";

    /// <summary>The kinds of job that it does, e.g. "text"; at least one.</summary>
    [ConfigurationKeyName("job_types")]
    public IList<string> JobTypes { get; set; } = [];

    /// <summary>The longest that one run may take, in seconds; 1 to 86,400. The default is 60. Then it is killed with all it started.</summary>
    [ConfigurationKeyName("time_limit_seconds")]
    public int TimeLimitSeconds { get; set; } = 60;

    /// <summary>The most bytes it is given; 1 to 1 GiB. The default is 1 MiB. A larger input is refused before the program starts.</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 1024 * 1024;

    /// <summary>The most bytes it may answer; 1 to 1 GiB. The default is 1 MiB. One that says more is killed.</summary>
    [ConfigurationKeyName("max_output_bytes")]
    public int MaxOutputBytes { get; set; } = 1024 * 1024;
}
