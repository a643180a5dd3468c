using System.CommandLine;
using SwarmPool.OnnxLoad;

var pairs = new Option<int>("--pairs") { Description = "Pairs of a run of the backend's and a bare one.", DefaultValueFactory = _ => 30 };
var size = new Option<int>("--batch") { Description = "Inputs of a batch.", DefaultValueFactory = _ => 8 };
var layers = new Option<int>("--layers") { Description = "Layers of the model; 60 take some 50 ms and more a batch.", DefaultValueFactory = _ => 60 };
var batch = new Command("batch", "Inputs one by one through the backend's micro-batching beside bare batches of ONNX Runtime.") { pairs, size, layers };
batch.SetAction(p => BatchRate.RunAsync(p.GetRequiredValue(pairs), p.GetRequiredValue(size), p.GetRequiredValue(layers), Console.Out));

var binding = new Command("binding", "A run with outputs that ONNX Runtime sets aside beside one with outputs that were bound before.") { pairs };
binding.SetAction(p => BindingTimes.Run(p.GetRequiredValue(pairs), Console.Out));

return await new RootCommand("Takes the ONNX backend beside bare ONNX Runtime, in one process and in turns.") { batch, binding }.Parse(args).InvokeAsync();
