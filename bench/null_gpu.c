/*
 * A Vulkan driver around RADV, by which Deno can open a GPU that is not there: machine_code.ts uses it.
 *
 * With RADV_FORCE_FAMILY Mesa's RADV offers an AMD GPU without hardware and compiles for it. In Mesa
 * 22.3 such a GPU has no memory and no timeline semaphores, without which wgpu opens nothing, and
 * recording commands for it crashes. Those calls are answered here, all others are RADV's. Shaders
 * are compiled as for hardware; nothing is ever run.
 */
#include <dlfcn.h>
#include <string.h>
#include <vulkan/vk_icd.h>
#include <vulkan/vulkan.h>

static const VkDeviceSize MEMORY_BYTES = 1 << 30;

static PFN_vkGetInstanceProcAddr radv_instance_proc;
static PFN_vkGetDeviceProcAddr radv_device_proc;
static PFN_vkGetBufferMemoryRequirements radv_requirements;
static PFN_vkCreateSemaphore radv_semaphore;

/* Calls that record or run something: they do nothing. So does all that begins with vkCmd. */
static const char *const IDLE[] = {"vkBeginCommandBuffer", "vkEndCommandBuffer",
                                   "vkResetCommandBuffer", "vkResetCommandPool", "vkQueueSubmit"};

static VkResult nothing(void) { return VK_SUCCESS; }

static void memory(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties *properties) {
  memset(properties, 0, sizeof *properties);
  properties->memoryTypeCount = properties->memoryHeapCount = 1;
  properties->memoryHeaps[0] = (VkMemoryHeap){MEMORY_BYTES, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT};
  properties->memoryTypes[0].propertyFlags =
      VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
      VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
}

static void memory2(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties2 *properties) {
  memory(device, &properties->memoryProperties);
  for (VkBaseOutStructure *next = properties->pNext; next; next = next->pNext)
    if (next->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT)
      ((VkPhysicalDeviceMemoryBudgetPropertiesEXT *)next)->heapBudget[0] = MEMORY_BYTES;
}

static void requirements(VkDevice device, VkBuffer buffer, VkMemoryRequirements *result) {
  radv_requirements(device, buffer, result);
  result->memoryTypeBits = 1;
}

static VkResult semaphore(VkDevice device, const VkSemaphoreCreateInfo *info,
                          const VkAllocationCallbacks *allocator, VkSemaphore *result) {
  VkSemaphoreCreateInfo plain = {VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  return radv_semaphore(device, &plain, allocator, result);
}

static PFN_vkVoidFunction device_proc(VkDevice device, const char *name);

/* The function to call by a name: RADV's, or the one that stands before it. */
static PFN_vkVoidFunction ours(const char *name, PFN_vkVoidFunction radv) {
  if (!radv) return radv;
#define REPLACE(function, keep, replacement)    \
  if (!strcmp(name, function)) {                \
    keep;                                       \
    return (PFN_vkVoidFunction)replacement;     \
  }
  REPLACE("vkGetDeviceProcAddr", radv_device_proc = (PFN_vkGetDeviceProcAddr)radv, device_proc)
  REPLACE("vkGetPhysicalDeviceMemoryProperties", , memory)
  REPLACE("vkGetPhysicalDeviceMemoryProperties2", , memory2)
  REPLACE("vkGetPhysicalDeviceMemoryProperties2KHR", , memory2)
  REPLACE("vkGetBufferMemoryRequirements",
          radv_requirements = (PFN_vkGetBufferMemoryRequirements)radv, requirements)
  REPLACE("vkCreateSemaphore", radv_semaphore = (PFN_vkCreateSemaphore)radv, semaphore)
  if (!strncmp(name, "vkCmd", 5)) return (PFN_vkVoidFunction)nothing;
  for (size_t i = 0; i < sizeof IDLE / sizeof *IDLE; i++)
    if (!strcmp(name, IDLE[i])) return (PFN_vkVoidFunction)nothing;
  return radv;
}

static PFN_vkVoidFunction device_proc(VkDevice device, const char *name) {
  return ours(name, radv_device_proc(device, name));
}

static void *from_radv(const char *name) {
  void *library = dlopen("libvulkan_radeon.so", RTLD_NOW);
  return library ? dlsym(library, name) : NULL;
}

VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL vk_icdGetInstanceProcAddr(VkInstance instance,
                                                                   const char *name) {
  return ours(name, radv_instance_proc(instance, name));
}

VKAPI_ATTR VkResult VKAPI_CALL vk_icdNegotiateLoaderICDInterfaceVersion(uint32_t *version) {
  radv_instance_proc = (PFN_vkGetInstanceProcAddr)from_radv("vk_icdGetInstanceProcAddr");
  PFN_vkNegotiateLoaderICDInterfaceVersion negotiate =
      (PFN_vkNegotiateLoaderICDInterfaceVersion)from_radv("vk_icdNegotiateLoaderICDInterfaceVersion");
  if (!radv_instance_proc || !negotiate) return VK_ERROR_INCOMPATIBLE_DRIVER;
  return negotiate(version);
}
